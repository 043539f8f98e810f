/** A table as a file that spreadsheets open (RFC 4180), in which no text is taken for a formula. */
export function csvFile(name: string, rows: readonly (readonly string[])[]): File {
  const text = rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
  return new File(['\ufeff', text], name, { type: 'text/csv;charset=utf-8' });
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
