import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import type { Server } from 'restify';
import { drive } from '../admin/drive/drive.ts';
import { OPTIONS, type Written } from '../admin/drive/options.ts';
import { PlanError, readPlan } from '../admin/drive/plan.ts';
import { knobsOf, tuned } from '../admin/drive/tuned.ts';
import type { Log } from '../handoff/ports.ts';
import { bodyOf, Refused, route } from '../server/http.ts';
import { SettingsError, type Settings } from '../settings/settings.ts';
import { bundle, once } from './bundle.ts';

const page = (name: string): string => fileURLToPath(new URL(`../pages/drive/${name}`, import.meta.url));
const POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Serves the test drive of the timers: the page, what can be tried out, and what comes of it. It touches nothing. */
export function driveRoutes(server: Server, given: { readonly settings: Settings; readonly log: Log }): void {
  const { settings, log } = given;
  const files = {
    '/test-drive': ['text/html', once(() => readFile(page('index.html'), 'utf8'))],
    '/test-drive/main.js': ['text/javascript', once(() => bundle(page('main.ts')))],
    '/test-drive/drive.css': ['text/css', once(() => bundle(page('drive.css')))],
  } as const;
  for (const [path, [type, text]] of Object.entries(files)) {
    server.get(
      path,
      route(log, async (_, res) => {
        const body = await text();
        res.writeHead(200, {
          'Content-Type': `${type}; charset=utf-8`,
          'Cache-Control': 'no-cache',
          'Content-Security-Policy': POLICY,
        });
        res.end(body);
        return undefined;
      }),
    );
  }
  server.get(
    '/test-drive/widgets',
    route(log, () =>
      Promise.resolve({
        body: {
          widgets: settings.widgets.map((widget) => ({
            ...{ id: widget.id, title: widget.title, knobs: knobsOf(widget) },
          })),
        },
      }),
    ),
  );
  server.post(
    '/test-drive/run',
    route(log, async (req) => {
      const { plan, knobs } = bodyOf(req);
      try {
        const read = readPlan(writtenIn(plan));
        const widget = settings.widgets.find(({ id }) => id === read.widget) ?? settings.widgets[0];
        const under = widget === undefined ? settings : tuned(settings, widget, textsIn(knobs));
        return { body: await drive(under, read) };
      } catch (reason) {
        throw refusalOf(reason);
      }
    }),
  );
}

function refusalOf(reason: unknown): unknown {
  if (reason instanceof PlanError) return new Refused(400, 'bad_input', reason.faults.join('\n'));
  if (!(reason instanceof SettingsError)) return reason;
  return new Refused(
    400,
    'bad_input',
    reason.faults.map(({ setting, rule }) => `${setting}: ${rule}`).join('\n'),
  );
}

/** The options there are, of whatever came in. */
const writtenIn = (value: unknown): Written =>
  Object.fromEntries(Object.entries(textsIn(value)).filter(([name]) => Object.hasOwn(OPTIONS, name)));

function textsIn(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text.slice(0, 60)]] : [],
    ),
  );
}
