import { Problem } from '#problem';

/**
 * What was asked for by somebody who must not wait long. The work itself goes on: whoever is told so does not know what became of it.
 * @throws Problem `unavailable` when it is not done within so many milliseconds
 */
export async function inTime<Answer>(work: Promise<Answer>, withinMs: number, detail: string): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Problem.unavailable(detail, 2)), withinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
