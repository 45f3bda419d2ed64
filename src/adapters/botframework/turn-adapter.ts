import { CloudAdapter, type Activity, type TurnContext } from 'botbuilder';
import { AuthenticationError } from 'botframework-connector';

/**
 * The framework's adapter, entered behind its own door. `process` makes a dozen validators anew for each request, to ask
 * whether a body is an object; it prints whatever failed together with what people wrote; and it answers with that.
 */
export class TurnAdapter extends CloudAdapter {
  /**
   * Runs a turn of an activity that has been read.
   *
   * @returns what an `invoke`, or whoever expects replies, is answered with; 401 for who is not the channel.
   * @throws whatever the turn fails with, and `onTurnError` does not settle.
   */
  async hear(
    authorization: string,
    activity: Readonly<Record<string, unknown>>,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<{ readonly status: number; readonly body?: unknown }> {
    try {
      const said = await this.processActivity(authorization, withDates(activity), logic);
      return said === undefined ? { status: 200 } : { status: said.status, body: said.body as unknown };
    } catch (reason) {
      if (reason instanceof AuthenticationError) return { status: 401 };
      throw reason;
    }
  }
}

/** Moments as the framework's own door gives them to bots: dates, and beside them the text that came. */
function withDates(activity: Readonly<Record<string, unknown>>): Activity {
  for (const [name, raw] of MOMENTS) {
    const text = activity[name];
    if (typeof text === 'string') Object.assign(activity, { [raw]: text, [name]: new Date(text) });
  }
  return activity as unknown as Activity;
}

const MOMENTS = [
  ['timestamp', 'rawTimestamp'],
  ['expiration', 'rawExpiration'],
  ['localTimestamp', 'rawLocalTimestamp'],
] as const;
