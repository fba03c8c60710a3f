/** How long nothing must be typed before the server is asked, in milliseconds: one question a word, not one a letter. */
export const typingPauseMs = 200;
