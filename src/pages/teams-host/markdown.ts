import DOMPurify from 'dompurify';

/**
 * Renders the part of Markdown that Teams renders in messages and TextBlocks: bold, italic, links and flat lists.
 * Returns HTML that is safe to insert: the text is escaped first, and the result still goes through the sanitiser.
 */
export function markdownToHtml(text: string): string {
  const html = text
    .split('\n')
    .map(block)
    .join('\n')
    .replaceAll('</ul>\n<ul>', '')
    .replaceAll('</ol>\n<ol>', '');
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: ['b', 'i', 'a', 'ul', 'ol', 'li'],
    ALLOWED_ATTR: ['href'],
  });
}

function block(line: string): string {
  const bullet = /^\s*[-*]\s+(.*)$/.exec(line);
  if (bullet) return `<ul><li>${inline(bullet[1] ?? '')}</li></ul>`;
  const numbered = /^\s*\d+\.\s+(.*)$/.exec(line);
  return numbered ? `<ol><li>${inline(numbered[1] ?? '')}</li></ol>` : inline(line);
}

// An escaped character (`\*`) is put aside as a private-use code point, so that it is never read as markup.
const inline = (text: string): string =>
  escaped(text.replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, (_, char: string) => aside(char)))
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/(^|[^\w])_([^_]+)_(?!\w)/g, '$1<i>$2</i>')
    .replace(/\*([^*\s][^*]*)\*/g, '<i>$1</i>')
    .replace(/[\uE000-\uE07F]/g, (char) => escaped(String.fromCharCode(char.charCodeAt(0) - 0xe000)));

const aside = (char: string) => String.fromCharCode(0xe000 + char.charCodeAt(0));

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
