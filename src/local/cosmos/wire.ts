/** One request as it stands on the wire; header names in lower case, `path` still percent-encoded. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One answer as it goes on the wire; an empty `body` means none is sent. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the database says no with: an HTTP status, Cosmos DB's sub-status, and a message naming what was wrong. */
export class CosmosError extends Error {
  override readonly name = 'CosmosError';
  readonly status: number;
  readonly substatus: number;
  /** Extra properties of the error body: the SDK looks for `additionalErrorInfo` before it asks for a query plan. */
  readonly info: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { substatus?: number; info?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.substatus = more.substatus ?? 0;
    this.info = more.info ?? {};
    this.headers = more.headers ?? {};
  }
}

/** The refusal for everything this database does not do: better a 400 that names it than an approximation. */
export const notImplemented = (what: string): CosmosError =>
  new CosmosError(400, `The embedded Cosmos DB does not implement ${what}.`);

export const badRequest = (message: string): CosmosError => new CosmosError(400, message);

const codes: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'RequestTimeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  424: 'FailedDependency',
  429: 'TooManyRequests',
  449: 'RetryWith',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** The body of an error answer, in the service's shape. */
export const errorBody = (error: CosmosError): string =>
  JSON.stringify({ code: codes[error.status] ?? 'Error', message: error.message, ...error.info });

/** The connection broke before an answer came: the caller cannot know whether the request took effect. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
  readonly code = 'ECONNRESET';
}
