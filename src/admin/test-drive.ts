/** `npm run test-drive -- FILE …`: plays a chat under these settings in no time, and says what everybody would see. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkConfig } from './check.ts';
import { drive } from './drive/drive.ts';
import { OPTIONS } from './drive/options.ts';
import { PlanError, readPlan } from './drive/plan.ts';
import { tableOf } from './drive/table.ts';
import { report } from './report.ts';

const usage = [
  'Usage: npm run test-drive -- FILE [--drop 2min] [--return 12min] …',
  'A TIME is counted from the moment the agent takes the chat. What happens more than once may be given more than once.',
  ...Object.entries(OPTIONS).map(([name, [takes, says]]) => `  --${name} ${takes}\n      ${says}`),
].join('\n');

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

function options() {
  try {
    const known = Object.fromEntries(
      Object.keys(OPTIONS).map((name) => [name, { type: 'string', multiple: true } as const]),
    );
    return parseArgs({ options: known, allowPositionals: true });
  } catch (reason) {
    return stop(`${reason instanceof Error ? reason.message : String(reason)}\n\n${usage}`);
  }
}

function settingsIn(file: string) {
  try {
    const checked = checkConfig(readFileSync(file, 'utf8'));
    return checked.ok ? checked.settings : stop(report(file, checked).join('\n'));
  } catch (reason) {
    return stop(`${file} cannot be read: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
}

const { values, positionals } = options();
const [file, ...more] = positionals;
if (file === undefined || more.length > 0) stop(usage);
const settings = settingsIn(file);
try {
  const driven = await drive(settings, readPlan(values));
  console.log(tableOf(driven, process.stdout.isTTY ? process.stdout.columns : 120).join('\n'));
} catch (reason) {
  if (!(reason instanceof PlanError)) throw reason;
  stop(reason.faults.join('\n'));
}
