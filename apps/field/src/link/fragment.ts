// What the address that was opened holds behind its #, which no server sees: the code to join with, or the bulletin of a printed sheet.

function take(): { readonly join: string; readonly bulletin: string | undefined } {
  const { hash } = location;
  // It leaves the address bar at once.
  if (hash !== "") history.replaceState(null, "", location.pathname);
  return {
    join: (/[#&]join=([0-9A-Za-z-]{8,9})/.exec(hash)?.[1] ?? "").toUpperCase(),
    bulletin: /[#&]bulletin=([A-Za-z0-9._-]{1,64})/.exec(hash)?.[1],
  };
}

export const linked: ReturnType<typeof take> = take();
