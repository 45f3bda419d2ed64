/** The bytes of a body; stops reading as soon as it is too much, whatever length was announced. */
export async function atMost(
  body: AsyncIterable<Uint8Array>,
  most: number,
): Promise<{ readonly bytes: Uint8Array } | { readonly fault: 'tooLarge' }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop cancels the stream.
    if (size > most) return { fault: 'tooLarge' };
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks) };
}
