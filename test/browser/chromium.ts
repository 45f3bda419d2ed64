/**
 * A real Chromium for tests: the one named by `CHROMIUM_PATH`, else the machine's own, else the one that comes with
 * the development dependencies. Headless, and quiet: it makes no requests of its own.
 */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packagedChromium from '@sparticuz/chromium';
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core';

type BrowserOptions = Omit<LaunchOptions, 'executablePath'>;
type ProfileOptions = Omit<
  NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>,
  'executablePath'
>;

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Launches a headless Chromium without a profile; close it with `browser.close()`. */
export async function launchChromium(options: BrowserOptions = {}): Promise<Browser> {
  const browser = await chromium.launch({ ...options, ...(await launching(options.args)) });
  browser.on('context', isPatient);
  return browser;
}

/** What does not come at all is told within the two minutes of a test; half a minute would say how fast the machine is. */
const isPatient = (context: BrowserContext): void => context.setDefaultTimeout(90_000);

/** A browser that keeps cookies and storage in a directory, and can be killed like a crashed one. */
export interface Profile {
  readonly context: BrowserContext;
  /** The process id of the browser itself. */
  readonly pid: number;
  /** Ends the browser with SIGKILL, so that no page gets to say goodbye; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/**
 * Launches a headless Chromium on the profile in `userDataDir` (created when absent). After `kill()` or
 * `context.close()` the same directory can be launched again. Chromium itself writes cookies and storage to the disk
 * with some seconds of delay: what must survive a kill needs time, or a close.
 */
export async function launchProfile(userDataDir: string, options: ProfileOptions = {}): Promise<Profile> {
  const context = await chromium.launchPersistentContext(userDataDir, {
    ...options,
    ...(await launching(options.args)),
  });
  isPatient(context);
  const pid = await browserProcess(context);
  return {
    context,
    pid,
    kill: async () => {
      const gone = new Promise<void>((resolve) => {
        context.once('close', () => resolve());
      });
      process.kill(pid, 'SIGKILL');
      await gone;
    },
  };
}

async function launching(args: readonly string[] = []) {
  return { executablePath: await executable(), args: [...quiet, ...args] };
}

async function executable(): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  const installed = '/usr/bin/chromium';
  return existsSync(installed) ? installed : unpacked();
}

const lock = join(tmpdir(), 'chromium.unpacking');
const patienceMs = 60_000;

// The package unpacks itself at its first use, and takes the half-written file of another process for a whole one:
// test files run side by side, so they take turns.
async function unpacked(): Promise<string> {
  while (!takeLock()) {
    if (isAbandoned()) {
      rmSync(join(tmpdir(), 'chromium'), { force: true });
      rmSync(lock, { recursive: true, force: true });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    return await packagedChromium.executablePath();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function isAbandoned(): boolean {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return since !== undefined && Date.now() - since > patienceMs;
}

// The driver does not tell the browser's pid, the browser itself does.
async function browserProcess(context: BrowserContext): Promise<number> {
  const browser = context.browser();
  if (browser === null) throw new Error('A persistent context without a browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const own = processInfo.find(({ type }) => type === 'browser');
  if (own === undefined) throw new Error('The browser does not list its own process');
  return own.id;
}
