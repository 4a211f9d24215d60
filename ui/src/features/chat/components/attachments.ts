import { bytes } from "@/lib/format";
import type { Attachment } from "../store/draft";

/** A request's body may have 10 MB, and base64 needs a third more than the files themselves. */
export const TOTAL_MAX = 7_000_000;
const COUNT_MAX = 10;

/** Reads files as `data:` URLs. Throws, in words for the user, when together with `present` they are too many or too large. */
export async function attach(present: readonly Attachment[], files: readonly File[]): Promise<Attachment[]> {
  if (present.length + files.length > COUNT_MAX) {
    throw new Error(`A message takes at most ${COUNT_MAX} files.`);
  }
  const size =
    files.reduce((sum, file) => sum + file.size, 0) +
    present.reduce((sum, file) => sum + file.url.length * 0.75, 0);
  if (size > TOTAL_MAX) {
    throw new Error(`The files have ${bytes(size)} together; a message takes at most ${bytes(TOTAL_MAX)}.`);
  }
  return [...present, ...(await Promise.all(files.map(read)))];
}

function read(file: File): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("error", () =>
      reject(new Error(`${file.name || "The file"} could not be read.`)),
    );
    reader.addEventListener("load", () =>
      resolve({
        filename: file.name || "pasted.png",
        mediaType: file.type || "application/octet-stream",
        url: String(reader.result),
      }),
    );
    reader.readAsDataURL(file);
  });
}

/** Only what is in the message itself is shown as a picture: an address elsewhere would tell who looks at it. */
export function isPicture(file: { mediaType: string; url: string }): boolean {
  return file.mediaType.startsWith("image/") && file.url.startsWith("data:image/");
}
