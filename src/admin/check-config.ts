/** `npm run check-config -- FILE`: says everything that is wrong with a settings file, and where, or what it comes to. */
import { readFileSync } from 'node:fs';
import { checkConfig } from './check.ts';
import { report } from './report.ts';

const [file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0) {
  console.error('Usage: npm run check-config -- FILE');
  process.exit(1);
}

try {
  const checked = checkConfig(readFileSync(file, 'utf8'));
  const lines = report(file, checked).join('\n');
  if (checked.ok) console.log(lines);
  else console.error(lines);
  process.exitCode = checked.ok ? 0 : 1;
} catch (reason) {
  console.error(`${file} cannot be read: ${reason instanceof Error ? reason.message : String(reason)}`);
  process.exitCode = 1;
}
