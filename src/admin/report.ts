import type { InForce } from '../settings/in-force.ts';
import type { Place } from '../settings/locate.ts';
import type { Checked, FileFault } from './check.ts';

/** Says what a settings file comes to, in lines; `file` as its reader named it. */
export function report(file: string, checked: Checked): readonly string[] {
  const at = ({ line, column }: Place): string => `${file}:${line}:${column}`;
  if (!checked.ok) {
    const { length } = checked.faults;
    return [
      ...checked.faults.flatMap((fault) => [`${at(fault)}  ${saidOf(fault)}`, ...aboutIt(fault)]),
      '',
      `${file} cannot be used: ${length === 1 ? 'one thing is' : `${length} things are`} wrong.`,
    ];
  }
  return [
    ...checked.parts.flatMap(({ title, inForce }) => [title, ...tableOf(inForce), '']),
    ...(checked.odd.length === 0 ? [] : ['Allowed, and maybe not what you mean']),
    ...checked.odd.flatMap((odd) => [`${at(odd)}  ${odd.setting}`, `    ${odd.says}`]),
    ...(checked.odd.length === 0 ? [] : ['']),
    `${file} can be used.`,
  ];
}

const saidOf = ({ setting, rule }: FileFault): string =>
  setting === undefined ? rule : `${setting}: ${rule}`;
const aboutIt = ({ about }: FileFault): readonly string[] => (about === undefined ? [] : [`    ${about}`]);

const FROM: Readonly<Record<InForce['from'], string>> = {
  file: '',
  preset: 'by its preset',
  default: 'default',
  derived: "derived from its work stream's autoCloseAfterInactivity",
};

function tableOf(inForce: readonly InForce[]): readonly string[] {
  const width = Math.max(...inForce.map(({ name }) => name.length));
  return inForce.map(({ name, value, from }) => {
    const whence = FROM[from] === '' ? '' : `   (${FROM[from]})`;
    return `  ${name.padEnd(width)}  ${shown(value)}${whence}`;
  });
}

/** Texts as they are, and of what is longer only how many or which. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value))
    return typeof value === 'object' && value !== null
      ? Object.keys(value).join(', ')
      : JSON.stringify(value);
  if (value.length === 0) return 'none';
  const texts = value.filter((one) => typeof one === 'string');
  return texts.length === value.length ? texts.join(', ') : `${value.length} given`;
}
