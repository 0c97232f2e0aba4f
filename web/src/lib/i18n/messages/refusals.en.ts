/** Why a file cannot be sent: loaded with what shows files on their way. */
export const refusalsEn = {
  "refused.tooLarge": "Too large: at most {size}",
  "refused.tooLargeUnknown": "Too large",
  "refused.empty": "The file is empty",
  "refused.broken": "The file is broken, or not what its name says",
  "refused.tooComplex": "Too much to look through: it has too many pixels or pages",
  "refused.infected": "It contains malicious software",
  "refused.failed": "It could not be checked",
  "refused.quota": "You have sent as much as a day allows. Try again {when}",
  "refused.quotaUnknown": "You have sent as much as a day allows. Try again later",
  "refused.tooManyHere": "Too many files are waiting on this device. Send or remove some first",
} as const;
