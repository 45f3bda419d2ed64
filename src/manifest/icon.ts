const SIGNATURE = '89504e470d0a1a0a';
/** Colour types of PNG that carry transparency. */
const WITH_ALPHA: readonly number[] = [4, 6];

/** What is wrong with an icon of the app. Source: Teams docs, app icons. */
export function iconFaults(
  name: string,
  bytes: Buffer,
  wanted: { readonly size: number; readonly transparent: boolean },
): readonly string[] {
  const isPng = bytes.length > 26 && bytes.subarray(0, 8).toString('hex') === SIGNATURE;
  if (!isPng) return [`${name} is no PNG`];
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return [
    ...(width === wanted.size && height === wanted.size
      ? []
      : [`${name} is ${width} × ${height}: it must be ${wanted.size} × ${wanted.size}`]),
    ...(wanted.transparent && !WITH_ALPHA.includes(bytes.readUInt8(25))
      ? [`${name} must be transparent around its white outline`]
      : []),
  ];
}
