// Nothing else may be loaded before time and chance are taken over, and a tooth is worn.
import './takeover.ts';
import { TEETH, wear } from './teeth.ts';

const given = process.argv.slice(2);
const place = given.indexOf('--tooth');
if (place >= 0) {
  const tooth = TEETH[Number(given[place + 1])];
  if (tooth === undefined) throw new RangeError('There is no such tooth');
  wear(tooth);
}
const { command } = await import('./command.ts');
process.exitCode = await command(given);
