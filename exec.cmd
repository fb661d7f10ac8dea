@rem The start script says `exec`, so that signals reach Node and not a shell. Windows has no such command: this is it.
@%*
