import type { IncomingMessage, ServerResponse } from 'node:http';
import { armFailpoints, failpointsReached, UnreadableFailpoints } from '#failpoints';

const MAX_BYTES = 10_000;

/**
 * `/failpoints` on the internal port, outside production only: POST arms what its text says and disarms the rest (an empty text: everything),
 * GET tells how often each armed point did its harm. 400 for a text that cannot be read; nothing changes then.
 */
export async function answerFailpoints(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method !== 'POST') return answer(200, failpointsReached());
  try {
    armFailpoints(await textOf(request));
    answer(200, {});
  } catch (error) {
    answer(400, { detail: error instanceof UnreadableFailpoints ? error.message : 'the text could not be read' });
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_BYTES) throw new UnreadableFailpoints('the text is too long');
  }
  return text;
}
