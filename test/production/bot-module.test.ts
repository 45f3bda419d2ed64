import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { until } from '../server/house.ts';
import { openDesk } from './desk.ts';
import { customerAt } from './people.ts';

const folder = mkdtempSync(join(tmpdir(), 'reconnect-bot-'));
afterAll(() => rmSync(folder, { recursive: true }));

function module(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('an author’s own bot answers in place of the front desk, and its state lasts', async () => {
  const bot = module(
    'counting.mjs',
    `export default ({ state }) => {
      const said = state.createProperty('said');
      return {
        run: async (context) => {
          if (context.activity.type !== 'message') return;
          const count = (await said.get(context, 0)) + 1;
          await said.set(context, count);
          await context.sendActivity('That makes ' + count);
          await state.saveChanges(context);
        },
      };
    };`,
  );
  const desk = await openDesk({ BOT_MODULE: bot });
  const lea = await customerAt(desk);
  await lea.say('one');
  await lea.say('two');
  await until(() => lea.reads().includes('That makes 2'), 'it has counted');
  expect(lea.reads()).not.toContain('front desk');
  await desk.close();
});

test.each([
  ['that is not there', () => join(folder, 'nowhere.mjs'), /BOT_MODULE .*nowhere\.mjs cannot be loaded/u],
  ['that exports no bot', () => module('none.mjs', 'export default 42;'), /must have a default export/u],
  ['that makes no bot', () => module('no.mjs', 'export default () => ({});'), /run\(context\)/u],
])('a module %s stops the start, named', async (_, path, said) => {
  await expect(openDesk({ BOT_MODULE: path() })).rejects.toThrow(said);
});
