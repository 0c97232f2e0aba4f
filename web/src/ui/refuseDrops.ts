/**
 * A file that is dropped where nothing takes it does nothing: the browser would open it in place of the page. Whatever takes
 * files cancels the event before it comes here. The answer ends it.
 */
export function refuseDrops(): () => void {
  const refuse = (event: DragEvent): void => {
    const { dataTransfer, target, defaultPrevented } = event;
    if (dataTransfer?.types.includes("Files") !== true || defaultPrevented || isFileInput(target)) return;
    event.preventDefault();
    dataTransfer.dropEffect = "none";
  };
  window.addEventListener("dragover", refuse);
  window.addEventListener("drop", refuse);
  return () => {
    window.removeEventListener("dragover", refuse);
    window.removeEventListener("drop", refuse);
  };
}

/** A host's page may have some, which take files by themselves. */
function isFileInput(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "file";
}
