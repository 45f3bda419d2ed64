import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeptFile } from '../../src/handoff/ports.ts';
import { openFiles, type TestFiles } from './blobs.ts';
import { customer, mia } from './samples.ts';

const picture: KeptFile = {
  bytes: Uint8Array.of(137, 80, 78, 71),
  name: 'Paket – وصل.png',
  type: 'image/png',
};

describe('a file that is kept', () => {
  let store: TestFiles;
  beforeAll(async () => {
    store = await openFiles();
  });
  afterAll(() => store.close());

  test('comes back byte for byte, with its name and type', async () => {
    expect(await store.files.put(mia, 'one', picture)).toBe(true);
    const { bytes, ...about } = (await store.files.get(mia, 'one')) ?? { bytes: [] };
    expect([...bytes]).toEqual([...picture.bytes]);
    expect(about).toEqual({ name: picture.name, type: picture.type });
  });

  test('tells its name, type and size without its bytes', async () => {
    await store.files.put(mia, 'told', picture);
    expect(await store.files.about(mia, 'told')).toEqual({ name: picture.name, type: 'image/png', size: 4 });
  });

  test('is never replaced by another under its id', async () => {
    await store.files.put(mia, 'first', picture);
    expect(await store.files.put(mia, 'first', { ...picture, name: 'other.png' })).toBe(false);
    expect((await store.files.about(mia, 'first'))?.name).toBe(picture.name);
  });

  test('may be empty', async () => {
    await store.files.put(mia, 'empty', { bytes: new Uint8Array(), name: 'empty.txt', type: 'text/plain' });
    expect((await store.files.get(mia, 'empty'))?.bytes).toHaveLength(0);
  });

  test('is found in its customer’s partition only', async () => {
    await store.files.put(mia, 'hers', picture);
    expect(await store.files.get(customer('noah'), 'hers')).toBeUndefined();
    expect(await store.files.about(customer('noah'), 'hers')).toBeUndefined();
  });

  test('is gone once removed; removing it twice is fine', async () => {
    await store.files.put(mia, 'short', picture);
    await store.files.remove(mia, 'short');
    await store.files.remove(mia, 'short');
    expect(await store.files.get(mia, 'short')).toBeUndefined();
  });

  test('goes with everything of its customer when they are erased, and nobody else’s does', async () => {
    const [zoe, ada] = [customer('zoe'), customer('ada')];
    await Promise.all([
      store.files.put(zoe, 'one', picture),
      store.files.put(zoe, 'two', picture),
      store.files.put(ada, 'one', picture),
    ]);
    expect(await store.files.removeAll(zoe)).toBe(2);
    expect(await store.files.removeAll(zoe)).toBe(0);
    expect(await store.files.get(zoe, 'one')).toBeUndefined();
    expect(await store.files.get(ada, 'one')).toBeDefined();
  });

  test('that is held is nobody’s, and is forgotten with its moment, not before', async () => {
    const { files } = store;
    expect(await files.hold(1_000, 'soon', picture)).toBe(true);
    expect(await files.hold(1_000, 'soon', { ...picture, name: 'other.png' })).toBe(false);
    await files.hold(20_000, 'late', picture);
    await files.put(mia, 'kept', picture);
    expect(await files.held(2_000, 'soon')).toBeUndefined();
    expect(await files.dropLapsed(999)).toBe(0);
    expect((await files.held(1_000, 'soon'))?.name).toBe(picture.name);
    expect(await files.dropLapsed(1_000)).toBe(1);
    expect(await files.held(1_000, 'soon')).toBeUndefined();
    expect(await files.held(20_000, 'late')).toBeDefined();
    expect(await files.get(mia, 'kept')).toBeDefined();
  });
});

test('a file is still there when the store on this machine was stopped and started again', async () => {
  const first = await openFiles();
  await first.files.put(mia, 'one', picture);
  await first.close();
  const second = await openFiles(first.folder);
  expect((await second.files.get(mia, 'one'))?.name).toBe(picture.name);
  await second.close();
});

test('a store that is not there is told apart from a file that is not there', async () => {
  const { files, close } = await openFiles();
  await close();
  await expect(files.get(mia, 'one')).rejects.toMatchObject({ code: 'store_unavailable' });
});
