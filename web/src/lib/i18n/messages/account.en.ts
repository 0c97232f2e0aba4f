/** Inside of the account menu, and the settings. */
export const accountEn = {
  "account.status": "Status",
  "account.status.online": "Online",
  "account.status.away": "Away",
  "account.status.busy": "Busy",
  "account.status.offline": "Appear offline",
  "account.theme": "Theme",
  "account.theme.system": "System theme",
  "account.theme.light": "Light theme",
  "account.theme.dark": "Dark theme",
  "account.language": "Language",
} as const;
