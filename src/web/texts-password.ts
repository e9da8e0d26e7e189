// Sentences of changing one's own password, for sellers and suppliers; part of the table in texts.ts.

export const passwordTexts = {
  password: {
    title: 'Password',
    present: 'Present password',
    next: 'New password',
    nextHelp: 'At least 12 characters. Everywhere else you are signed out.',
    tooShort: 'At least 12 characters.',
    change: 'Change password',
    changed: 'Your password is changed.',
  },
}
