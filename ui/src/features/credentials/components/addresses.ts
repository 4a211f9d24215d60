/** Is it an address that a link may lead to? What a server sends is not trusted to be one. */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
