-- A ledger as version 2 wrote it, sealed with the key of tests. It is never edited: it stands for files that exist.
PRAGMA application_id = 1886545264;
PRAGMA user_version = 2;
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
  , forgotten_at INTEGER) STRICT;
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
    finished_at INTEGER, sms_before TEXT,
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
CREATE TABLE export (
    hash BLOB PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    exported_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO ledger (one, key_check)
VALUES (1, x'8ad1d4392546002e027dd9f1dad63e88');
INSERT INTO run (number, id, plan_id, digest, tenant_id, tenant_domain, tenant_name, tenant_source, actor_name, actor_kind, command, source, policy, sms_sign_in, roster_hash, options_hash, undoes, issues, started_at, last_sent_at, ended_at, state, forgotten_at)
VALUES (1, 'run-1', 'plan-1', 'd1', 'tenant-1', 'contoso.example', 'Contoso', 'organization', 'ann@contoso.example', 'delegated', 'apply', 'phones.xlsx', 'add', 'leave', 'r', 'o', NULL, 1, 1000, 1600, 1500, 'inDoubt', NULL);
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at, sms_before)
VALUES (1, 1, 'create', 'User1@contoso.example', 'user1@contoso.example', 'user-1', 'mobile', x'01cf62ce4af8d1efe0e42b08bf647563c5d570fef125de3c586452f3d32d1ac701e627c06ab663e2e535b15575864422ae83db3c', 'emptySlot', '{"row":2}', '[2]', NULL, 1, 1100, NULL, 'client-1', 'applied', 'request-1', NULL, NULL, 1200, NULL);
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at, sms_before)
VALUES (1, 2, 'enableSms', 'User1@contoso.example', 'user1@contoso.example', 'user-1', 'mobile', x'013c54207fedfcb1270b43ba69a0f753959956590456354581c75d53eb4cfa28719f0ba93a268bcbf2c70e35ed7d55c8b3232faa', 'smsSignIn', '{"row":2}', '[2]', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at, sms_before)
VALUES (1, 3, 'delete', 'User2@contoso.example', 'user2@contoso.example', 'user-2', 'mobile', x'01e923b004d66444a37188211a1e81d5a3dc46a7321891bebc5132d7dc9c72a91b80261cf8968e062ffc2f23c04ac08643cc6d1e', 'blankCell', '{"row":3,"sheet":"Sheet1","table":"Phones"}', '[3,9]', '{"from":"sms","to":"push"}', 1, 1300, 1300, NULL, 'inDoubt', NULL, 'PREPOP_ROW_IN_DOUBT', 'No answer.', 1400, 'ready');
INSERT INTO entry (run, seq, kind, user, upn, user_id, phone_type, numbers, reason, ref, rows, switch_default, attempts, sent_at, doubt_since, client_request_id, outcome, request_id, code, message, finished_at, sms_before)
VALUES (1, 4, 'create', 'User3@contoso.example', 'user3@contoso.example', 'user-3', 'mobile', x'0133241f7c72b5032f6e61ae0e231a26897fc9729a479db0b48a3222cd9826b7ed4bef89a0ed42ee9d3aa882bd9a6269a43c065d', 'emptySlot', '{"row":4}', '[4]', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO issue (run, seq, issue)
VALUES (1, 1, x'015376358b06b9585ca1f27b0e1f2a9382a9a3771402eef9be58df62fc0102cca185f235064c9e1895b53713f265aca13d348648e449534a259bb2b53b8434e5d853c45f67c3e84723eb1e4b9b44703c6535d664bc4c5e8b1d72f921504260dc60474b27c062740ed421b6b2da1e352f8225baf8c42f70e6af2c61277a5095ee4ff332bb96cc625668a58260440e50cf14671b2932db749118056a6bd7377b0fbef61c05db48');
INSERT INTO export (hash, run, exported_at)
VALUES (x'0909090909090909090909090909090909090909090909090909090909090909', 1, 1000);
