import { describe, expect, test } from 'vitest';
import { contentOf, judgeFile } from '../../src/handoff/file-kind.ts';
import { fileName } from '../../src/handoff/file-name.ts';
import type { FileRules } from '../../src/session/files.ts';
import { JPEG, PDF, PNG, SVG, WINDOWS_PROGRAM } from './files.ts';

const rules: FileRules = {
  enabled: true,
  maxBytes: 1_000,
  types: [
    { type: 'image/png', extensions: ['png'] },
    { type: 'image/jpeg', extensions: ['jpg', 'jpeg'] },
    { type: 'application/pdf', extensions: ['pdf'] },
    { type: 'text/plain', extensions: ['txt'] },
    { type: 'image/vnd.dwg', extensions: ['dwg'] },
    { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extensions: ['docx'] },
  ],
};
const text = (words: string): Uint8Array => Buffer.from(words);

describe('row 79: a file that somebody sends', () => {
  test('is taken as what its bytes and its ending agree on', () => {
    expect(judgeFile('Label.PNG', PNG, rules)).toEqual({ name: 'Label.PNG', type: 'image/png' });
    expect(judgeFile('photo.jpeg', JPEG, rules)).toEqual({ name: 'photo.jpeg', type: 'image/jpeg' });
    expect(judgeFile('note.txt', text('Grüße, <b>'), rules)).toEqual({
      name: 'note.txt',
      type: 'text/plain',
    });
    expect(judgeFile('plan.dwg', text('AC1032 …'), rules)).toMatchObject({ type: 'image/vnd.dwg' });
  });

  test.each([
    ['a program called a picture', 'invoice.png', WINDOWS_PROGRAM],
    ['a page called a picture', 'photo.png', text('<!DOCTYPE html><script>alert(1)</script>')],
    ['a drawing with scripts called a picture', 'logo.png', SVG],
    ['a picture of another kind', 'photo.png', JPEG],
    ['a script called a plan', 'plan.dwg', text('#!/bin/sh\nrm -rf ~')],
    ['text called a document', 'letter.docx', text('Dear all')],
  ])('is refused when it is %s', (_, name, bytes) => {
    expect(judgeFile(name, bytes, rules)).toEqual({ fault: 'disguised', name });
  });

  test.each([
    ['of a type that is not listed', 'setup.exe', WINDOWS_PROGRAM, 'type'],
    ['of two endings, by the last', 'photo.png.exe', PNG, 'type'],
    ['a drawing by its own name', 'logo.svg', SVG, 'type'],
    ['empty', 'empty.txt', new Uint8Array(), 'empty'],
    ['too large', 'long.txt', text('x'.repeat(1_001)), 'tooLarge'],
    ['without ending, and no picture', 'README', text('hello'), 'type'],
  ])('is refused when it is %s', (_, name, bytes, fault) => {
    expect(judgeFile(name, bytes, rules)).toEqual({ fault, name });
  });

  test('is refused where files are switched off', () => {
    expect(judgeFile('a.png', PNG, { ...rules, enabled: false })).toMatchObject({ fault: 'off' });
  });

  test('gets the ending of what it is when a picture was pasted without one', () => {
    expect(judgeFile('image', PNG, rules)).toEqual({ name: 'image.png', type: 'image/png' });
    expect(judgeFile(undefined, PDF, rules)).toEqual({ name: 'file.pdf', type: 'application/pdf' });
  });
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\lea\\Paket.pdf', 'Paket.pdf'],
  ['cod\u202efdp.exe', 'codfdp.exe'],
  ['..hidden', 'hidden'],
  ['a\r\nSet-Cookie: x.png', 'a Set-Cookie_ x.png'],
  ['وصل الطرد.pdf', 'وصل الطرد.pdf'],
  ['', 'file'],
  [undefined, 'file'],
  [`${'x'.repeat(200)}.pdf`, `${'x'.repeat(115)}….pdf`],
])('a file sent as %j is kept under a name that cannot deceive', (sent, kept) => {
  expect(fileName(sent)).toBe(kept);
});

test('old and new computers’ text is text, whatever its alphabet', () => {
  expect(contentOf(Buffer.from('Grüße', 'latin1'))).toBe('text');
  expect(contentOf(Buffer.from('\ufeffGrüße', 'utf16le'))).toBe('text');
  expect(contentOf(Buffer.from('Mz is how it begins'))).toBe('text');
});
