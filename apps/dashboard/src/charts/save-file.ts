/** Offers the reader a file to save. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun when the click returns; the address must outlive it by a moment.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
