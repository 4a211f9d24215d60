import type { FileContent } from "../api/read-file";

const IMAGES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/x-icon",
};

/** The type of a picture that may be shown, by its name; null for everything else. */
export function imageType(path: string): string | null {
  return IMAGES[path.split(".").pop()?.toLowerCase() ?? ""] ?? null;
}

export function bytesOf(file: FileContent): Uint8Array<ArrayBuffer> {
  return file.encoding === "utf8"
    ? new TextEncoder().encode(file.content)
    : Uint8Array.from(atob(file.content), (each) => each.charCodeAt(0));
}

/** Gives the file to the browser's downloads. Always as bytes, so that no file of a sandbox runs as a page. */
export function saveAs(file: FileContent): void {
  const address = URL.createObjectURL(new Blob([bytesOf(file)], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file.path.split("/").pop() ?? "file";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
