import { deviceTimeZone } from "./preferences";

/** The device's time zone as the server takes it: by its name, or “GMT-04:30”, the distance to Greenwich, where it has none. */
export function zoneHere(): string {
  // Types say that there always is a name; systems without a zone say otherwise.
  const name = deviceTimeZone() as string | undefined;
  return name === undefined || name === "Etc/Unknown" ? offsetZone() : name;
}

function offsetZone(): string {
  const east = -new Date().getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60];
  return `GMT${east < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
