// Minutes between local time and UTC at a moment, where the hub stands.
export function utcOffsetMin(timeUs: number): number {
  return -new Date(timeUs / 1000).getTimezoneOffset();
}
