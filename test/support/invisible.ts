/** What moves a cursor, hides text or turns it around; line ends are natplan's own. */
export const invisible = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
