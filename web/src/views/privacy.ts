/** What docs/privacy.md, which is made from the code's own inventory, says in one language. */
export interface Chapter {
  title: string;
  opening: string;
  /** The heads of the table's columns. */
  columns: string[];
  rows: string[][];
  closing: string;
}

/** Reads the chapters of docs/privacy.md: a heading, a paragraph, a table, a paragraph each. */
export function chapters(text: string): Chapter[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n');
      const first = lines.findIndex((line) => line.startsWith('|'));
      const last = lines.findLastIndex((line) => line.startsWith('|'));
      const [columns = [], , ...rows] = lines.slice(first, last + 1).map(cells);
      return {
        title: title.trim(),
        opening: paragraph(lines.slice(0, first)),
        columns,
        rows,
        closing: paragraph(lines.slice(last + 1)),
      };
    });
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function paragraph(lines: string[]): string {
  return lines.join(' ').trim();
}
