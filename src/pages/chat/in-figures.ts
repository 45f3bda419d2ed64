const SECOND = 1_000;

/** A span as it is counted down, `4:05` or `1:04:05`, in the figures of a language. */
export function inFigures(ms: number, language: string): string {
  const seconds = Math.ceil(ms / SECOND);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (seconds < 3_600 ? parts.slice(1) : parts)
    .map((part, i) => part.toLocaleString(language, { minimumIntegerDigits: i === 0 ? 1 : 2 }))
    .join(':');
}
