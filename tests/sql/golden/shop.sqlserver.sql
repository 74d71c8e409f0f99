CREATE TABLE [customers] (
    [id]      INT           NOT NULL,
    [e-mail]  NVARCHAR(120) NOT NULL,
    [name]    NVARCHAR(MAX) NOT NULL,
    [city]    NVARCHAR(MAX),
    [country] NVARCHAR(2)   NOT NULL,
    [born]    DATE,
    [since]   NVARCHAR(MAX) NOT NULL,
    PRIMARY KEY ([id]),
    CONSTRAINT [one_account_each] UNIQUE ([e-mail]),
    CHECK ([id] > 0),
    CONSTRAINT [born_lately] CHECK ([born] IS NULL OR [born] > CAST('1900-01-01' AS DATE))
);

CREATE TABLE [orders] (
    [id]          BIGINT            NOT NULL,
    [customer_id] INT               NOT NULL,
    [placed]      DATETIMEOFFSET(6) NOT NULL DEFAULT (SYSDATETIMEOFFSET()),
    [replaces]    BIGINT,
    [status]      NVARCHAR(255)     NOT NULL DEFAULT 'new',
    [paid]        BIT               NOT NULL DEFAULT 0,
    [remarks]     NVARCHAR(MAX),
    PRIMARY KEY ([id]),
    CONSTRAINT [orders_belong] FOREIGN KEY ([customer_id]) REFERENCES [customers] ([id]) ON DELETE CASCADE,
    FOREIGN KEY ([replaces]) REFERENCES [orders] ([id]) ON UPDATE NO ACTION,
    CHECK ([status] IN (N'new', N'paid', N'it''s gone')),
    CHECK (ISJSON([remarks]) = 1)
);
CREATE INDEX [orders_customer_id_placed_idx] ON [orders] ([customer_id], [placed]);
CREATE INDEX [orders_open] ON [orders] ([placed]) WHERE [status] = 'new';
EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'What was bought;
and by whom',
    @level0type = N'SCHEMA', @level0name = N'dbo', @level1type = N'TABLE', @level1name = N'orders';
EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'when the customer pressed the button',
    @level0type = N'SCHEMA', @level0name = N'dbo', @level1type = N'TABLE', @level1name = N'orders', @level2type = N'COLUMN', @level2name = N'placed';

CREATE TABLE [lines] (
    [order_id] BIGINT           NOT NULL,
    [line_no]  SMALLINT         NOT NULL,
    [sku]      UNIQUEIDENTIFIER NOT NULL,
    [price]    DECIMAL(10,2)    NOT NULL,
    [qty]      INT              NOT NULL DEFAULT 1,
    [weight]   FLOAT,
    [photo]    VARBINARY(MAX),
    [picked]   TIME(6),
    [took]     NVARCHAR(60),
    PRIMARY KEY ([order_id], [line_no]),
    FOREIGN KEY ([order_id]) REFERENCES [orders] ([id]) ON DELETE CASCADE,
    CHECK ([price] * [qty] >= 0)
);
