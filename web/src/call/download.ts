/** Hands a file to the person, as the browser does with downloads. */
export function download(file: File): void {
  const address = URL.createObjectURL(file);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = file.name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // Safari begins to read late
}
