const most = 5 * 60_000;

/**
 * Compares the clock here with the Date of the first answer that has one, and says once when they are more than five
 * minutes apart (rules.md, waiting). Nothing is corrected: waits are measured on the monotonic clock.
 */
export function clockCheck(
  onNotice: (line: string) => void,
): (date: string | undefined, wall: number) => void {
  let checked = false;
  return (date, wall) => {
    if (checked || date === undefined) return;
    const service = Date.parse(date);
    if (Number.isNaN(service)) return;
    checked = true;
    const apart = wall - service;
    if (Math.abs(apart) <= most) return;
    const side = apart > 0 ? "ahead of" : "behind";
    onNotice(
      `The clock here is ${Math.round(Math.abs(apart) / 60_000)} min ${side} that of Microsoft Graph.`,
    );
  };
}
