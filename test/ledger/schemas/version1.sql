-- A ledger as version 1 wrote it, sealed with the key of tests. It is never edited: it stands for files that exist.
PRAGMA application_id = 1886545264;
PRAGMA user_version = 1;
CREATE TABLE ledger (one INTEGER PRIMARY KEY CHECK (one = 1), key_check BLOB) STRICT;
CREATE TABLE run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    plan_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    tenant_domain TEXT,
    tenant_name TEXT,
    tenant_source TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    command TEXT NOT NULL,
    source TEXT NOT NULL,
    policy TEXT NOT NULL,
    sms_sign_in TEXT NOT NULL,
    roster_hash TEXT,
    options_hash TEXT,
    undoes TEXT,
    issues INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_sent_at INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER,
    state TEXT NOT NULL
  ) STRICT;
CREATE INDEX run_open ON run (tenant_id, number) WHERE state IN ('open', 'interrupted', 'inDoubt');
CREATE INDEX run_sending ON run (tenant_id, last_sent_at);
CREATE TABLE entry (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user TEXT NOT NULL,
    upn TEXT NOT NULL,
    user_id TEXT NOT NULL,
    phone_type TEXT NOT NULL,
    numbers BLOB NOT NULL,
    reason TEXT NOT NULL,
    ref TEXT NOT NULL,
    rows TEXT NOT NULL,
    switch_default TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    doubt_since INTEGER,
    client_request_id TEXT,
    outcome TEXT,
    request_id TEXT,
    code TEXT,
    message TEXT,
    finished_at INTEGER,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_slot ON entry
    (run, user_id, phone_type, (kind IN ('enableSms', 'disableSms') OR reason = 'smsSignIn'));
CREATE INDEX entry_outcome ON entry (run, outcome);
CREATE TABLE issue (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    issue BLOB NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;
INSERT INTO ledger (one, key_check)
VALUES (1, x'8ad1d4392546002e027dd9f1dad63e88');
INSERT INTO run (number, id, plan_id, digest, tenant_id, tenant_domain, tenant_name, tenant_source, actor_name, actor_kind, command, source, policy, sms_sign_in, roster_hash, options_hash, undoes, issues, started_at, last_sent_at, ended_at, state)
VALUES (1, 'run-1', 'plan-1', 'd1', 'tenant-1', 'contoso.example', 'Contoso', 'organization', 'ann@contoso.example', 'delegated', 'apply', 'phones.xlsx', 'add', 'leave', 'r', 'o', NULL, 1, 1000, 1300, 1500, 'inDoubt');
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at)
VALUES (1, 1, 'create', 'User1@contoso.example', 'user1@contoso.example', 'user-1', 'mobile', x'01dc30667d42f156449bee5274541b0676f3f77eeba59ccc4298794017645ad6d1125d571338e93bac10451b4e2c614bd2cda0b6', 'emptySlot', '{"row":2}', '[2]', NULL, 1, 1100, NULL, 'client-1', 'applied', 'request-1', NULL, NULL, 1200);
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at)
VALUES (1, 2, 'enableSms', 'User1@contoso.example', 'user1@contoso.example', 'user-1', 'mobile', x'01ac1aacef7c150d2c3f96b74009147ecd31778343188c672a8500d281279276345567a57ec37ba7146dea19c6eb6e367b276ea0', 'smsSignIn', '{"row":2}', '[2]', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at)
VALUES (1, 3, 'delete', 'User2@contoso.example', 'user2@contoso.example', 'user-2', 'mobile', x'0124297c1c21b7f89c6ed0760d19963e06948623226aa42cb049ec99550bb2a66989962b72481f50d152faa4e07cf598030571b4', 'blankCell', '{"row":3,"sheet":"Sheet1","table":"Phones"}', '[3,9]', '{"from":"sms","to":"push"}', 1, 1300, 1300, NULL, 'inDoubt', NULL, 'PREPOP_ROW_IN_DOUBT', 'No answer.', 1400);
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at)
VALUES (1, 4, 'create', 'User3@contoso.example', 'user3@contoso.example', 'user-3', 'mobile', x'01f3c031961c8e2ba2490d056eab89f5a4133a4f0415f732272a50c8ac97f6ba4100c913c9a5770dc1b28cb12a31b5f7d3b1fce1', 'emptySlot', '{"row":4}', '[4]', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO issue (run, seq, issue)
VALUES (1, 1, x'01e920ee3a1b18d2a988683e94e6184929f03bcb166e5f3b965665396245737403746800f6367e9575210c32dc89aaa0609e16c65385bacd6222c2df37204b4bbb0f7dcb3a76e773820b3782e3fb55c9dcadc47e36c7e994d251ae5b47fe1af3baa0ac941a56a53f2af1b014922650931e27850fcfed916386c730e55784a6d0feb1ddff3e61568b9ebc9d43879aa6925ca4a9bffe66516034e305c73f146b895e34ddd5');
