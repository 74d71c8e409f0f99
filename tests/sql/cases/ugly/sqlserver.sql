USE [master]
GO
/****** Object:  Database [Fleet]    Script Date: 30.02.2024 25:61:00 ******/
CREATE DATABASE [Fleet] CONTAINMENT = NONE ON PRIMARY ( NAME = N'Fleet', FILENAME = N'D:\data\Fleet.mdf' , SIZE = 8192KB )
GO
USE [Fleet]
GO
SET ANSI_NULLS ON
GO
SET QUOTED_IDENTIFIER ON
GO
CREATE TYPE [dbo].[Plate] FROM [varchar](12) NOT NULL
GO
CREATE TABLE [dbo].[Truck](
	[TruckID] [int] IDENTITY(1000,5) NOT FOR REPLICATION NOT NULL,
	[Plate] [dbo].[Plate] NOT NULL,
	[Name ]]of[ it] [nvarchar](50) COLLATE Latin1_General_CS_AS NULL,
	[Payload] [decimal](8, 2) NOT NULL,
	[Tare] [money] NULL,
	[Total]  AS ([Payload]+isnull([Tare],(0))) PERSISTED,
	[Route] [hierarchyid] NULL,
	[Papers] [xml] NULL,
	[Photo] [varbinary](max) NULL,
	[Guid] [uniqueidentifier] ROWGUIDCOL  NOT NULL,
	[Stamp] [timestamp] NOT NULL,
	[ValidFrom] [datetime2](7) GENERATED ALWAYS AS ROW START NOT NULL,
	[ValidTo] [datetime2](7) GENERATED ALWAYS AS ROW END NOT NULL,
 CONSTRAINT [PK_Truck] PRIMARY KEY NONCLUSTERED 
(
	[TruckID] ASC
)WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF, IGNORE_DUP_KEY = OFF, ALLOW_ROW_LOCKS = ON, FILLFACTOR = 80) ON [PRIMARY],
	PERIOD FOR SYSTEM_TIME ([ValidFrom], [ValidTo])
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
WITH
(
SYSTEM_VERSIONING = ON ( HISTORY_TABLE = [dbo].[TruckHistory] )
)
GO
CREATE TABLE [hr].[Driver](
	[DriverID] [smallint] NOT NULL,
	[Name] [nvarchar](max) NOT NULL,
	[Born] [date] NULL,
	[Licence] [char](9) SPARSE NULL,
	[Boss] [smallint] NULL,
	CONSTRAINT [PK_Driver] PRIMARY KEY CLUSTERED ([DriverID] DESC)
)
GO
CREATE TABLE dbo.Trip (TripNo bigint NOT NULL, TruckID int NOT NULL, DriverID smallint NULL, [From] datetime NOT NULL, [To] datetimeoffset(3) NULL, Km float(24) NOT NULL DEFAULT 0, Note ntext)
GO
INSERT [hr].[Driver] ([DriverID], [Name]) VALUES (1, N'GO
CREATE TABLE [trap](id int)
O''Neil')
GO
ALTER TABLE [dbo].[Truck] ADD  CONSTRAINT [DF_Guid]  DEFAULT (newsequentialid()) FOR [Guid]
GO
ALTER TABLE [dbo].[Trip] ADD CONSTRAINT PK_Trip PRIMARY KEY (TripNo), CONSTRAINT CK_Km CHECK (Km >= 0 AND [To] > [From])
GO
ALTER TABLE [dbo].[Trip]  WITH CHECK ADD  CONSTRAINT [FK_Trip_Truck] FOREIGN KEY([TruckID])
REFERENCES [dbo].[Truck] ([TruckID])
ON DELETE CASCADE
GO
ALTER TABLE [dbo].[Trip] CHECK CONSTRAINT [FK_Trip_Truck]
GO
ALTER TABLE [dbo].[Trip]  WITH NOCHECK ADD  CONSTRAINT [FK_Trip_Driver] FOREIGN KEY([DriverID])
REFERENCES [hr].[Driver] ([DriverID]) ON UPDATE SET NULL
GO
ALTER TABLE [dbo].[Trip] NOCHECK CONSTRAINT [FK_Trip_Driver]
GO
ALTER TABLE [hr].[Driver]  WITH CHECK ADD FOREIGN KEY([Boss]) REFERENCES [hr].[Driver] ([DriverID])
GO
CREATE UNIQUE NONCLUSTERED INDEX [UX_Licence] ON [hr].[Driver] ([Licence] ASC) INCLUDE ([Born]) WHERE ([Licence] IS NOT NULL) ON [PRIMARY]
GO
CREATE CLUSTERED COLUMNSTORE INDEX [CCI_Trip] ON [dbo].[Trip]
GO
CREATE SPATIAL INDEX [SI] ON [dbo].[Truck]([Route])
GO
EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'kg; what it may carry' , @level0type=N'SCHEMA',@level0name=N'dbo', @level1type=N'TABLE',@level1name=N'Truck', @level2type=N'COLUMN',@level2name=N'Payload'
GO
EXEC sp_rename 'dbo.Trip.Note', 'Remark', 'COLUMN'
GO
CREATE VIEW [dbo].[Late] AS SELECT t.TripNo, d.Name FROM dbo.Trip t LEFT JOIN hr.Driver d ON d.DriverID = t.DriverID WHERE t.[To] IS NULL
GO
CREATE TRIGGER [dbo].[trg] ON [dbo].[Trip] AFTER INSERT AS
BEGIN
  SET NOCOUNT ON;
  CREATE TABLE #seen (id int);
  UPDATE t SET Km = 0 FROM dbo.Trip t JOIN inserted i ON i.TripNo = t.TripNo;
END
GO
CREATE PROCEDURE [dbo].[purge] @days int = 30 AS DELETE dbo.Trip WHERE [From] < DATEADD(day, -@days, GETDATE());
GO
GRANT EXECUTE ON [dbo].[purge] TO [public]
GO
