import { expect, test, vi } from "vitest";

import { zoneHere } from "./zoneHere";

test.each([
  ["Europe/Madrid", 0, "Europe/Madrid"],
  ["Etc/Unknown", 270, "GMT-04:30"],
  [undefined, -345, "GMT+05:45"],
  [undefined, 0, "GMT+00:00"],
])("a device that calls its time zone %s, %i minutes west, is in %s", (timeZone, west, zone) => {
  vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue({
    timeZone,
  } as Intl.ResolvedDateTimeFormatOptions);
  vi.spyOn(Date.prototype, "getTimezoneOffset").mockReturnValue(west);
  expect(zoneHere()).toBe(zone);
});
