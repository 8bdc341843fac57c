/** Lints texts as if they stood in files: reads `[[file, text], …]` on standard input and prints each one's messages, as JSON. */

import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const eslint = new ESLint({ cwd: process.cwd() });
const answers = [];
for (const [filePath, source] of JSON.parse(await text(process.stdin))) {
  const [report] = await eslint.lintText(source, { filePath });
  answers.push(report.messages.map(({ line, ruleId }) => ({ line, ruleId })));
}
process.stdout.write(JSON.stringify(answers));
