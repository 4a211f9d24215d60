CREATE TABLE effect (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subject text NOT NULL, note text NOT NULL);
