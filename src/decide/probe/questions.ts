/** What no documentation tells and one real tenant can, by number. */
export const questions: Readonly<Record<number, string>> = {
  0: "Which of the endpoints that prepop can do without are there?",
  1: "What does creating a phone of a type that is there answer?",
  2: "What does creating an alternate mobile without a mobile answer?",
  3: "What does deleting a mobile while there is an alternate mobile answer?",
  4: "Which forms of a number are taken, and how are they read back?",
  5: "What does changing a number to itself answer, and with which body?",
  6: "What do reading, changing and deleting a type that is not there answer?",
  7: "What do unknown methods, unknown, deleted and guest users answer?",
  8: "What does enabling SMS sign-in answer where it is not possible?",
  9: "Does this caller read whole numbers, and how are they masked?",
  10: "Is there a createdDateTime, a Location, a resource unit, and in which order?",
  11: "When does writing fast meet the first 429, and what does it say?",
  12: "How are writes to many users in one batch answered?",
  13: "How long do reads lag behind a write?",
  14: "How does the registration report come: pages, licence, lag?",
  15: "Are $filter and $select on phone methods honoured?",
};
