import type { Theme } from './theme.ts';
import type { OpenedJson } from './wire.ts';

export interface TabSettings {
  readonly frame: HTMLIFrameElement;
  readonly opened: OpenedJson;
  readonly theme: () => Theme;
  readonly token: () => Promise<string>;
  readonly openLink: (url: string) => void;
  readonly share: (subPageId: string, label: string) => void;
  /** The tab said it could not start, and why; `undefined` when it did. */
  readonly failed: (reason: string | undefined) => void;
}

interface Message {
  readonly id: number;
  readonly uuidAsString?: string;
  readonly func: string;
  readonly args: readonly unknown[];
}

const entityId = 'inbox';
const runtime = {
  apiVersion: 4,
  isNAAChannelRecommended: false,
  hostVersionsInfo: {},
  isLegacyTeams: false,
  supports: { pages: { currentApp: {}, tabs: {} } },
};

/**
 * Answers `@microsoft/teams-js` in the framed tab as Teams on the web does: initialize, context, token, themes, links.
 * Only the frame itself, on this origin, is answered. A function Teams has and this host has not gets no answer, and
 * is named on the console.
 */
export function tabHost({ frame, opened, theme, token, openLink, share, failed }: TabSettings) {
  const handlers = new Set<string>();
  const appSessionId = crypto.randomUUID();
  let subPageId: string | undefined;

  window.addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== frame.contentWindow || origin !== location.origin) return;
    const message = asMessage(data);
    if (message) void answer(message);
  });

  const post = (message: object) => frame.contentWindow?.postMessage(message, location.origin);
  const tell = (func: string, ...args: unknown[]) => {
    if (handlers.has(func)) post({ func, args });
  };
  const load = () => {
    handlers.clear();
    failed(undefined);
    frame.src = opened.tabUrl;
  };

  return {
    load: (page?: string) => {
      subPageId = page;
      load();
    },
    /** Shows a page of the tab: told to a tab that listens for its context, else by loading the tab again. */
    show: (page: string | undefined) => {
      subPageId = page;
      if (handlers.has('contextChange')) tell('contextChange', context());
      else load();
    },
    themeChanged: (now: Theme) => {
      tell('themeChange', now);
      tell('contextChange', context());
    },
  };

  async function answer(message: Message): Promise<void> {
    const args = await answerTo(message);
    if (args) post({ id: message.id, uuidAsString: message.uuidAsString, args });
  }

  async function answerTo({ func, args }: Message): Promise<readonly unknown[] | undefined> {
    switch (func) {
      case 'initialize':
        handlers.clear();
        return ['content', 'web', JSON.stringify(runtime), '2.58.0'];
      case 'registerHandler':
        handlers.add(String(args[0]));
        return undefined;
      case 'getContext':
        return [context()];
      case 'authentication.getAuthToken':
        return token().then(
          (signed) => [true, signed],
          () => [false, 'InternalError'],
        );
      case 'executeDeepLink':
        openLink(String(args[0]));
        return [true];
      case 'pages.navigateToApp':
      case 'pages.currentApp.navigateTo':
        subPageId = subPageOf(args[0]);
        load();
        return [true];
      case 'shareDeepLink':
        share(String(args[0]), String(args[1]));
        return undefined;
      case 'appInitialization.success':
        failed(undefined);
        return [];
      case 'appInitialization.failure':
        failed(typeof args[1] === 'string' ? args[1] : String(args[0]));
        return undefined;
      case 'appInitialization.appLoaded':
      case 'appInitialization.expectedFailure':
      case 'readyToUnload':
      case 'returnFocus':
        return undefined;
      default:
        console.info(`The local Teams does not answer ${func}.`);
        return undefined;
    }
  }

  // In the shape hosts still send; teams-js turns it into `app.Context`.
  function context() {
    const { person, tenantId } = opened;
    return {
      appId: opened.botId,
      appSessionId,
      sessionId: appSessionId,
      entityId,
      subEntityId: subPageId,
      frameContext: 'content',
      hostClientType: 'web',
      hostName: 'Teams',
      isFullScreen: false,
      isMultiWindow: false,
      locale: 'en-us',
      loginHint: person.upn,
      ringId: 'general',
      theme: theme(),
      tid: tenantId,
      userDisplayName: person.name,
      userObjectId: person.oid,
      userPrincipalName: person.upn,
    };
  }
}

function subPageOf(asked: unknown): string | undefined {
  if (typeof asked !== 'object' || asked === null) return undefined;
  const page: unknown = Reflect.get(asked, 'subPageId');
  return typeof page === 'string' ? page : undefined;
}

function asMessage(data: unknown): Message | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { id, func, args } = data as Partial<Record<keyof Message, unknown>>;
  if (typeof func !== 'string' || typeof id !== 'number') return undefined;
  const uuid: unknown = Reflect.get(data, 'uuidAsString');
  return {
    id,
    func,
    args: Array.isArray(args) ? args : [],
    ...(typeof uuid === 'string' && { uuidAsString: uuid }),
  };
}
