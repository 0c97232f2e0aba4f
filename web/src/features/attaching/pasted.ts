/** The files in what was pasted; none where words are meant: office programs put a picture beside the words that were copied. */
export function filesOf(data: DataTransfer): readonly File[] {
  if (data.types.includes("text/html") && data.getData("text/plain").trim() !== "") return [];
  return [...data.files];
}
