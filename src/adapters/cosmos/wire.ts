import type {
  FeedOptions,
  OperationInput,
  PatchRequestBody,
  RequestOptions,
  SqlQuerySpec,
} from '@azure/cosmos';

/** What the store says to one request about a document. */
export interface Told {
  readonly statusCode: number;
  readonly substatus?: number;
  readonly etag: string;
  readonly resource?: unknown;
}

/** What it says to one step of a batch. */
export interface ToldOfStep {
  readonly statusCode: number;
  readonly eTag?: string;
}

/** A document as it is sent: JSON. */
export type Sent = Readonly<Record<string, unknown>> & { readonly id: string };

/** What we need of a container: the SDK's has it, and so has the short way to it. What the store refuses is thrown. */
export interface Wire {
  readonly id: string;
  item: (id: string, partition: string) => WireItem;
  readonly items: {
    create: (document: Sent, options: RequestOptions) => Promise<Told>;
    upsert: (document: Sent, options: RequestOptions) => Promise<Told>;
    batch: (steps: OperationInput[], partition: string, options: RequestOptions) => Promise<ToldOfBatch>;
    /** One page is taken of each. */
    query: <T>(spec: SqlQuerySpec, options: PageOptions) => { fetchNext: () => Promise<Page<T>> };
  };
}

/** A document, whether or not there is one. */
export interface WireItem {
  /** Where there is none it may also settle with 404. */
  read: (options: RequestOptions) => Promise<Told>;
  replace: (document: Sent, options: RequestOptions) => Promise<Told>;
  patch: (patch: PatchRequestBody, options: RequestOptions) => Promise<Told>;
}

/** Which page, of one partition or of all. */
export type PageOptions = Pick<FeedOptions, 'abortSignal' | 'maxItemCount' | 'continuationToken'> & {
  readonly partitionKey?: string;
};

/** Some of what a query finds, and where to go on; where there is no more, an empty text, or none in spite of the SDK's type. */
export interface Page<T> {
  readonly resources: readonly T[];
  readonly continuationToken: string;
}

/** A batch that was refused settles too: each step has its status. */
export interface ToldOfBatch {
  readonly result?: readonly ToldOfStep[] | undefined;
}
