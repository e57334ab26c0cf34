/**
 * Lints texts as if they stood in other files of the repository, in one process: `node lint-texts.mjs < requests.json`.
 *
 * Reads `{ texts: [{ as, code }], configOf }` and prints `{ results: [{ messages }], config }`: one result for each text, in order, and the
 * configuration that holds for the file `configOf`. Writes nothing. `as` must exist, because type-aware rules look it up in its project.
 */
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { ESLint } from 'eslint';

const root = resolve(import.meta.dirname, '../..');
const { texts, configOf } = JSON.parse(await text(process.stdin));
const eslint = new ESLint({ cwd: root });

const results = [];
for (const { as, code } of texts) {
  const [{ messages }] = await eslint.lintText(code, { filePath: resolve(root, as) });
  results.push({ messages });
}
const config = await eslint.calculateConfigForFile(resolve(root, configOf));
process.stdout.write(JSON.stringify({ results, config: { rules: config.rules } }));
