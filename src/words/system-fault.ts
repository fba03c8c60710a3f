/** What the system says of a file, by its code. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the disk fails',
};

/** Why a file can't be read, in words; a code that has none stays a code. */
export function systemFaultWords({ code }: { readonly code?: string | undefined }): string {
  return words[code ?? ''] ?? `the system says ${code ?? 'nothing more'}`;
}

/** The same, with what to do about a name that a shell or a browser would have read otherwise. */
export function fileFaultWords(file: string, fault: { readonly code?: string | undefined }): string {
  const why = systemFaultWords(fault);
  if (fault.code === 'ENOENT' && /^https?:\/\//.test(file)) {
    return `${why}: an address is not fetched; give a file, or - for standard input`;
  }
  return fault.code === 'ENOENT' && file.startsWith('~') ? `${why}: within quotes ~ is not your home folder` : why;
}
