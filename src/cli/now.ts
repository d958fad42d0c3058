let printed = { milliseconds: 0, text: new Date(0).toISOString() };

/** The present instant. Time enters the program here and nowhere else. */
export function now(): string {
  const milliseconds = Date.now();
  // It is asked for several times in a millisecond, and takes longer to print than to look up.
  if (milliseconds !== printed.milliseconds) {
    printed = { milliseconds, text: new Date(milliseconds).toISOString() };
  }
  return printed.text;
}
