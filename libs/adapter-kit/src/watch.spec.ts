import { afterEach, describe, expect, it } from '@jest/globals';
import { CREDENTIALS, LOGIN } from '../testing/acme.ts';
import { closeAll, speakingTo } from '../testing/client.ts';
import { json } from '../testing/vendor.ts';
import { fill, NOWHERE } from './fill.ts';
import type { CallWatch } from './watch.ts';

afterEach(closeAll);

/** What a watch heard, in order. */
function listening(): { heard: object[]; watch: CallWatch } {
  const heard: object[] = [];
  const watch: CallWatch = ({ pms, method, template }) => {
    heard.push({ pms, method, template });
    return ({ verdict, evidence, status }) => heard.push({ verdict, evidence, status });
  };
  return { heard, watch };
}

const ONE = {
  method: 'GET',
  path: '/things/{id}',
  params: { id: { kind: 'record' } },
  query: { since: 'secret-of-query' },
} as const;

describe('a watch', () => {
  it('hears of the login and of the call, by their declared paths', async () => {
    const { heard, watch } = listening();
    const { client } = await speakingTo({
      watch,
      pms: { auth: LOGIN },
      answer: ({ target }, response) => json(response, target === '/login' ? { token: 't' } : { ok: true }),
    });

    await client.call(fill(ONE, { ...NOWHERE, recordId: 'record-of-somebody' }));

    expect(heard).toEqual([
      { pms: 'acme', method: 'POST', template: '/login' },
      { verdict: 'done', evidence: 'B', status: 200 },
      { pms: 'acme', method: 'GET', template: '/things/{id}' },
      { verdict: 'done', evidence: 'B', status: 200 },
    ]);
    expect(JSON.stringify(heard)).not.toMatch(new RegExp(`somebody|secret|${CREDENTIALS.key}`));
  });

  it('hears what a call without an answer proves', async () => {
    const { heard, watch } = listening();
    const { client } = await speakingTo({ watch, answer: (_, response) => void response.destroy() });

    await client.call(fill({ ...ONE, query: {} }, { ...NOWHERE, recordId: '1' }));

    expect(heard.at(-1)).toEqual({ verdict: 'unclear', evidence: 'C', status: null });
  });
});
