import { useEffect, useState } from "react";
import { SIGNED_OUT } from "@/lib/http";

/** Turns true when the server says that nobody is logged in. */
export function useSignedOut(): boolean {
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => {
    const onSignedOut = () => setSignedOut(true);
    window.addEventListener(SIGNED_OUT, onSignedOut);
    return () => window.removeEventListener(SIGNED_OUT, onSignedOut);
  }, []);
  return signedOut;
}
