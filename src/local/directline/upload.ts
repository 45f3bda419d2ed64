import { type IncomingActivity, readActivity } from './activity.ts';
import { readMultipart } from './multipart.ts';
import { badArgument } from './refusal.ts';

export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads the multipart body of an upload: a part `activity` (JSON) and parts `file`; without an activity it is a bare
 * message. Throws 400 or 415.
 */
export function readUpload(
  contentType: string | undefined,
  body: Buffer,
): { readonly activity: IncomingActivity; readonly files: readonly UploadedFile[] } {
  const parts = readMultipart(contentType, body);
  const described = parts.find(({ name }) => name === 'activity');
  const files = parts
    .filter(({ name }) => name === 'file')
    .map(({ filename, type, bytes }) => ({
      name: filename === undefined || filename === '' ? 'file' : filename,
      type: type ?? 'application/octet-stream',
      bytes,
    }));
  if (files.length === 0) throw badArgument('An upload needs at least one part named file');
  return {
    activity: described === undefined ? { type: 'message' } : readActivity(json(described.bytes)),
    files,
  };
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw badArgument('The part named activity is not valid JSON');
  }
}
