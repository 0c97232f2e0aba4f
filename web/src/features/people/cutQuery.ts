/** What the server looks for at most, in code points. No name is found by more. */
const MAX_QUERY = 100;

/** What somebody looks for, as the server takes it. */
export function cutQuery(query: string): string {
  return Array.from(query.trim()).slice(0, MAX_QUERY).join("").trim();
}
