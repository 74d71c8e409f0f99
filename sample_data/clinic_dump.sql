-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: clinic
-- ------------------------------------------------------
-- Server version	8.0.36

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `addresses`
--

DROP TABLE IF EXISTS `addresses`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `addresses` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `street` varchar(120) COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT '',
  `house no` varchar(10) DEFAULT NULL COMMENT 'with suffix: 12b',
  `zip` char(10) NOT NULL,
  `city` varchar(80) NOT NULL,
  `country` char(2) NOT NULL DEFAULT 'DE',
  `lat` decimal(9,6) DEFAULT NULL,
  `lon` decimal(9,6) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `zip` (`zip`),
  FULLTEXT KEY `ft_street` (`street`,`city`)
) ENGINE=InnoDB AUTO_INCREMENT=4711 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

LOCK TABLES `addresses` WRITE;
/*!40000 ALTER TABLE `addresses` DISABLE KEYS */;
INSERT INTO `addresses` VALUES (1,'Müller\'s Allee; hinten','12b','10115','Berlin','DE',NULL,NULL),(2,'O\'Connell St','7','D01','Dublin','IE',53.350140,-6.266155);
INSERT INTO `addresses` VALUES (3,'Rua de Cima -- not a comment','1','1100','Lisboa','PT',NULL,NULL);
/*!40000 ALTER TABLE `addresses` ENABLE KEYS */;
UNLOCK TABLES;

DROP TABLE IF EXISTS `sites`;
CREATE TABLE `sites` (
  `id` smallint unsigned NOT NULL AUTO_INCREMENT,
  `code` char(4) NOT NULL,
  `name` varchar(100) NOT NULL,
  `address_id` int unsigned DEFAULT NULL,
  `opened` date NOT NULL DEFAULT '1970-01-01',
  `closed` date DEFAULT NULL,
  `options` set('parking','pharmacy','lab') DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `code` (`code`),
  KEY `fk_site_address` (`address_id`),
  CONSTRAINT `fk_site_address` FOREIGN KEY (`address_id`) REFERENCES `addresses` (`id`) ON DELETE SET NULL,
  CONSTRAINT `closed_later` CHECK ((`closed` is null) or (`closed` >= `opened`))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='where patients are seen; not every site is open';

DROP TABLE IF EXISTS `departments`;
CREATE TABLE `departments` (
  `id` smallint unsigned NOT NULL AUTO_INCREMENT,
  `site_id` smallint unsigned NOT NULL,
  `name` varchar(80) NOT NULL,
  `head_id` int unsigned DEFAULT NULL COMMENT 'a staff member; departments and staff refer to each other',
  `cost_centre` varchar(12) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `site_name` (`site_id`,`name`),
  KEY `head` (`head_id`),
  CONSTRAINT `fk_dep_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`),
  CONSTRAINT `fk_dep_head` FOREIGN KEY (`head_id`) REFERENCES `staff` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `staff`;
CREATE TABLE `staff` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `department_id` smallint unsigned NOT NULL,
  `role` enum('physician','nurse','therapist','clerk','it') NOT NULL DEFAULT 'clerk',
  `last name` varchar(60) NOT NULL,
  `first name` varchar(60) NOT NULL,
  `email` varchar(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `active` tinyint(1) NOT NULL DEFAULT '1',
  `hired` date NOT NULL,
  `salary` decimal(10,2) unsigned DEFAULT NULL,
  `manager_id` int unsigned DEFAULT NULL,
  `created_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at` timestamp NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `email` (`email`),
  KEY `name` (`last name`(20),`first name`(10)) USING BTREE,
  CONSTRAINT `fk_staff_dep` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON UPDATE CASCADE,
  CONSTRAINT `fk_staff_boss` FOREIGN KEY (`manager_id`) REFERENCES `staff` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `rooms`;
CREATE TABLE `rooms` (
  `site_id` smallint unsigned NOT NULL,
  `number` varchar(8) NOT NULL,
  `floor` tinyint NOT NULL DEFAULT '0',
  `beds` tinyint unsigned NOT NULL DEFAULT '0',
  `kind` enum('ward','office','theatre','store') NOT NULL DEFAULT 'ward',
  PRIMARY KEY (`site_id`,`number`),
  CONSTRAINT `fk_room_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `insurers`;
CREATE TABLE `insurers` (
  `ik` char(9) NOT NULL COMMENT 'nine digits, the first two are 10',
  `name` varchar(120) NOT NULL,
  `kind` enum('statutory','private','abroad','it''s complicated') NOT NULL,
  `portal_url` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`ik`),
  CONSTRAINT `ik_digits` CHECK (regexp_like(`ik`,_utf8mb4'^10[0-9]{7}$'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `patients`;
CREATE TABLE `patients` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `mrn` char(10) NOT NULL COMMENT 'medical record number',
  `last_name` varchar(60) NOT NULL,
  `first_name` varchar(60) NOT NULL,
  `full_name` varchar(122) GENERATED ALWAYS AS (concat(`last_name`,_utf8mb4', ',`first_name`)) STORED,
  `born` date DEFAULT NULL,
  `sex` enum('f','m','x') DEFAULT NULL,
  `address_id` int unsigned DEFAULT NULL,
  `insurer_ik` char(9) DEFAULT NULL,
  `insured_no` varchar(20) DEFAULT NULL,
  `gp_id` int unsigned DEFAULT NULL,
  `consent` json DEFAULT NULL,
  `photo` mediumblob,
  `deceased` bit(1) NOT NULL DEFAULT b'0',
  `notes` longtext,
  PRIMARY KEY (`id`),
  UNIQUE KEY `mrn` (`mrn`),
  KEY `born` (`born`),
  KEY `names` (`last_name`,`first_name`),
  CONSTRAINT `fk_pat_addr` FOREIGN KEY (`address_id`) REFERENCES `addresses` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_pat_ins` FOREIGN KEY (`insurer_ik`) REFERENCES `insurers` (`ik`),
  CONSTRAINT `fk_pat_gp` FOREIGN KEY (`gp_id`) REFERENCES `staff` (`id`) ON DELETE SET NULL,
  CONSTRAINT `insured_whole` CHECK (((`insurer_ik` is null) = (`insured_no` is null)))
) ENGINE=InnoDB AUTO_INCREMENT=99173 DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `allergies`;
CREATE TABLE `allergies` (
  `patient_id` bigint unsigned NOT NULL,
  `substance` varchar(80) NOT NULL,
  `severity` tinyint unsigned NOT NULL DEFAULT '1',
  `since` year DEFAULT NULL,
  PRIMARY KEY (`patient_id`,`substance`),
  CONSTRAINT `fk_all_pat` FOREIGN KEY (`patient_id`) REFERENCES `patients` (`id`) ON DELETE CASCADE,
  CONSTRAINT `severity_1_to_5` CHECK ((`severity` between 1 and 5))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `appointment_types`;
CREATE TABLE `appointment_types` (
  `code` varchar(10) NOT NULL,
  `title` varchar(80) NOT NULL,
  `minutes` smallint unsigned NOT NULL DEFAULT '20',
  `colour` char(7) DEFAULT '#cccccc',
  PRIMARY KEY (`code`)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

DROP TABLE IF EXISTS `appointments`;
CREATE TABLE `appointments` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `patient_id` bigint unsigned NOT NULL,
  `staff_id` int unsigned NOT NULL,
  `site_id` smallint unsigned NOT NULL,
  `room` varchar(8) DEFAULT NULL,
  `type` varchar(10) NOT NULL DEFAULT 'CONS',
  `starts` datetime NOT NULL,
  `ends` datetime NOT NULL,
  `state` enum('booked','arrived','seen','missed','cancelled') NOT NULL DEFAULT 'booked',
  `reminder_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `one_at_a_time` (`staff_id`,`starts`),
  KEY `patient_day` (`patient_id`,`starts`),
  CONSTRAINT `fk_app_pat` FOREIGN KEY (`patient_id`) REFERENCES `patients` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_app_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`),
  CONSTRAINT `fk_app_room` FOREIGN KEY (`site_id`, `room`) REFERENCES `rooms` (`site_id`, `number`),
  CONSTRAINT `fk_app_type` FOREIGN KEY (`type`) REFERENCES `appointment_types` (`code`) ON UPDATE CASCADE,
  CONSTRAINT `ends_later` CHECK ((`ends` > `starts`))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `encounters`;
CREATE TABLE `encounters` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `appointment_id` bigint unsigned DEFAULT NULL,
  `patient_id` bigint unsigned NOT NULL,
  `department_id` smallint unsigned NOT NULL,
  `started` datetime NOT NULL,
  `finished` datetime DEFAULT NULL,
  `reason` text,
  PRIMARY KEY (`id`),
  UNIQUE KEY `appointment` (`appointment_id`),
  KEY `open_ones` (`department_id`,(ifnull(`finished`,_utf8mb4'9999-12-31'))),
  CONSTRAINT `fk_enc_app` FOREIGN KEY (`appointment_id`) REFERENCES `appointments` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_enc_pat` FOREIGN KEY (`patient_id`) REFERENCES `patients` (`id`),
  CONSTRAINT `fk_enc_dep` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `stays`;
CREATE TABLE `stays` (
  `encounter_id` bigint unsigned NOT NULL,
  `site_id` smallint unsigned NOT NULL,
  `room` varchar(8) NOT NULL,
  `bed` tinyint unsigned NOT NULL,
  `from` datetime NOT NULL,
  `to` datetime DEFAULT NULL,
  PRIMARY KEY (`encounter_id`,`from`),
  CONSTRAINT `fk_stay_enc` FOREIGN KEY (`encounter_id`) REFERENCES `encounters` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_stay_room` FOREIGN KEY (`site_id`, `room`) REFERENCES `rooms` (`site_id`, `number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `icd10`;
CREATE TABLE `icd10` (
  `code` varchar(8) NOT NULL,
  `parent` varchar(8) DEFAULT NULL,
  `title` varchar(255) NOT NULL,
  `billable` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`code`),
  CONSTRAINT `fk_icd_parent` FOREIGN KEY (`parent`) REFERENCES `icd10` (`code`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `diagnoses`;
CREATE TABLE `diagnoses` (
  `encounter_id` bigint unsigned NOT NULL,
  `line` tinyint unsigned NOT NULL,
  `icd` varchar(8) NOT NULL,
  `certainty` enum('G','V','A','Z') NOT NULL DEFAULT 'G',
  `by_staff` int unsigned DEFAULT NULL,
  PRIMARY KEY (`encounter_id`,`line`),
  KEY `icd` (`icd`),
  CONSTRAINT `fk_dia_enc` FOREIGN KEY (`encounter_id`) REFERENCES `encounters` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_dia_icd` FOREIGN KEY (`icd`) REFERENCES `icd10` (`code`),
  CONSTRAINT `fk_dia_staff` FOREIGN KEY (`by_staff`) REFERENCES `staff` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `drugs`;
CREATE TABLE `drugs` (
  `pzn` char(8) NOT NULL,
  `atc` char(7) DEFAULT NULL,
  `name` varchar(120) NOT NULL,
  `strength` varchar(40) DEFAULT NULL,
  `price_cents` mediumint unsigned DEFAULT NULL,
  PRIMARY KEY (`pzn`),
  KEY `atc` (`atc`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `prescriptions`;
CREATE TABLE `prescriptions` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `encounter_id` bigint unsigned NOT NULL,
  `prescriber_id` int unsigned NOT NULL,
  `written` datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `signed` varbinary(256) DEFAULT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `fk_pre_enc` FOREIGN KEY (`encounter_id`) REFERENCES `encounters` (`id`),
  CONSTRAINT `fk_pre_staff` FOREIGN KEY (`prescriber_id`) REFERENCES `staff` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `prescription_lines`;
CREATE TABLE `prescription_lines` (
  `prescription_id` bigint unsigned NOT NULL,
  `line_no` tinyint unsigned NOT NULL,
  `pzn` char(8) NOT NULL,
  `quantity` smallint unsigned NOT NULL DEFAULT '1',
  `dosage` varchar(60) DEFAULT '1-0-1',
  PRIMARY KEY (`prescription_id`,`line_no`),
  CONSTRAINT `fk_pl_pre` FOREIGN KEY (`prescription_id`) REFERENCES `prescriptions` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_pl_drug` FOREIGN KEY (`pzn`) REFERENCES `drugs` (`pzn`),
  CONSTRAINT `some` CHECK ((`quantity` > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `lab_tests`;
CREATE TABLE `lab_tests` (
  `loinc` varchar(10) NOT NULL,
  `title` varchar(160) NOT NULL,
  `unit` varchar(20) DEFAULT NULL,
  `low` double DEFAULT NULL,
  `high` double DEFAULT NULL,
  PRIMARY KEY (`loinc`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `lab_orders`;
CREATE TABLE `lab_orders` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `encounter_id` bigint unsigned NOT NULL,
  `ordered_by` int unsigned NOT NULL,
  `urgent` tinyint(1) NOT NULL DEFAULT '0',
  `ordered` timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (`id`),
  KEY `urgent_first` (`urgent` DESC,`ordered`),
  CONSTRAINT `fk_lo_enc` FOREIGN KEY (`encounter_id`) REFERENCES `encounters` (`id`),
  CONSTRAINT `fk_lo_staff` FOREIGN KEY (`ordered_by`) REFERENCES `staff` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `lab_results`;
CREATE TABLE `lab_results` (
  `order_id` bigint unsigned NOT NULL,
  `loinc` varchar(10) NOT NULL,
  `value` double DEFAULT NULL,
  `text_value` varchar(255) DEFAULT NULL,
  `measured` datetime NOT NULL,
  PRIMARY KEY (`order_id`,`loinc`),
  CONSTRAINT `fk_lr_order` FOREIGN KEY (`order_id`) REFERENCES `lab_orders` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_lr_test` FOREIGN KEY (`loinc`) REFERENCES `lab_tests` (`loinc`),
  CONSTRAINT `one_value` CHECK (((`value` is not null) or (`text_value` is not null)))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `vital_signs`;
CREATE TABLE `vital_signs` (
  `patient_id` bigint unsigned NOT NULL,
  `taken` datetime NOT NULL,
  `pulse` smallint unsigned DEFAULT NULL,
  `systolic` smallint unsigned DEFAULT NULL,
  `diastolic` smallint unsigned DEFAULT NULL,
  `temperature` float(4,1) DEFAULT NULL,
  PRIMARY KEY (`patient_id`,`taken`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
/*!50100 PARTITION BY RANGE (year(`taken`))
(PARTITION p2023 VALUES LESS THAN (2024) ENGINE = InnoDB,
 PARTITION p2024 VALUES LESS THAN (2025) ENGINE = InnoDB,
 PARTITION pmax VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;

DROP TABLE IF EXISTS `invoices`;
CREATE TABLE `invoices` (
  `no` int unsigned NOT NULL AUTO_INCREMENT,
  `patient_id` bigint unsigned NOT NULL,
  `insurer_ik` char(9) DEFAULT NULL,
  `issued` date NOT NULL,
  `due` date GENERATED ALWAYS AS ((`issued` + interval 30 day)) VIRTUAL,
  `total` decimal(12,2) NOT NULL DEFAULT '0.00',
  `paid` decimal(12,2) NOT NULL DEFAULT '0.00',
  PRIMARY KEY (`no`),
  KEY `issued` (`issued`),
  CONSTRAINT `fk_inv_pat` FOREIGN KEY (`patient_id`) REFERENCES `patients` (`id`),
  CONSTRAINT `fk_inv_ins` FOREIGN KEY (`insurer_ik`) REFERENCES `insurers` (`ik`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `fee_schedule`;
CREATE TABLE `fee_schedule` (
  `code` varchar(10) NOT NULL,
  `valid_from` date NOT NULL,
  `title` varchar(200) NOT NULL,
  `points` decimal(8,3) NOT NULL,
  PRIMARY KEY (`code`,`valid_from`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `invoice_lines`;
CREATE TABLE `invoice_lines` (
  `invoice_no` int unsigned NOT NULL,
  `line_no` smallint unsigned NOT NULL,
  `encounter_id` bigint unsigned DEFAULT NULL,
  `fee_code` varchar(10) NOT NULL,
  `fee_valid_from` date NOT NULL,
  `factor` decimal(3,1) NOT NULL DEFAULT '1.0',
  `amount` decimal(10,2) NOT NULL,
  PRIMARY KEY (`invoice_no`,`line_no`),
  CONSTRAINT `fk_il_inv` FOREIGN KEY (`invoice_no`) REFERENCES `invoices` (`no`) ON DELETE CASCADE,
  CONSTRAINT `fk_il_enc` FOREIGN KEY (`encounter_id`) REFERENCES `encounters` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_il_fee` FOREIGN KEY (`fee_code`, `fee_valid_from`) REFERENCES `fee_schedule` (`code`, `valid_from`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `payments`;
CREATE TABLE `payments` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `invoice_no` int unsigned NOT NULL,
  `received` date NOT NULL,
  `amount` decimal(12,2) NOT NULL,
  `iban` varchar(34) DEFAULT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `fk_pay_inv` FOREIGN KEY (`invoice_no`) REFERENCES `invoices` (`no`),
  CONSTRAINT `payments_chk_1` CHECK ((`amount` <> 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `documents`;
CREATE TABLE `documents` (
  `uuid` binary(16) NOT NULL,
  `patient_id` bigint unsigned NOT NULL,
  `encounter_id` bigint unsigned DEFAULT NULL,
  `mime` varchar(100) NOT NULL DEFAULT 'application/pdf',
  `body` longblob NOT NULL,
  `words` text,
  PRIMARY KEY (`uuid`),
  FULLTEXT KEY `words` (`words`),
  CONSTRAINT `fk_doc_pat` FOREIGN KEY (`patient_id`) REFERENCES `patients` (`id`),
  CONSTRAINT `fk_doc_enc` FOREIGN KEY (`encounter_id`) REFERENCES `encounters` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 ROW_FORMAT=COMPRESSED;

DROP TABLE IF EXISTS `users`;
CREATE TABLE `users` (
  `login` varchar(40) NOT NULL,
  `staff_id` int unsigned DEFAULT NULL,
  `password` varchar(255) NOT NULL,
  `locked` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`login`),
  UNIQUE KEY `staff` (`staff_id`),
  CONSTRAINT `fk_user_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

DROP TABLE IF EXISTS `access_log`;
CREATE TABLE `access_log` (
  `at` datetime(6) NOT NULL,
  `login` varchar(40) DEFAULT NULL,
  `patient_id` bigint unsigned DEFAULT NULL,
  `action` varchar(20) NOT NULL,
  `ip` varbinary(16) DEFAULT NULL,
  KEY `at` (`at`),
  KEY `patient_id` (`patient_id`)
) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4 COMMENT='no key: lines may repeat';

INSERT INTO `access_log` VALUES ('2024-01-01 00:00:00.000001','root',NULL,'DROP TABLE x;',NULL);
INSERT INTO `access_log` VALUES ('2024-01-01 00:00:00.000002','root',NULL,'/* nothing */',NULL);
INSERT INTO `access_log` VALUES ('2024-01-01 00:00:00.000003','o''neil',1,'read',0x7F000001);

--
-- Temporary view structure for view `open_invoices`
--

DROP TABLE IF EXISTS `open_invoices`;
/*!50001 DROP VIEW IF EXISTS `open_invoices`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `open_invoices` AS select `i`.`no` AS `no`,`p`.`full_name` AS `full_name`,(`i`.`total` - `i`.`paid`) AS `open` from (`invoices` `i` join `patients` `p` on((`p`.`id` = `i`.`patient_id`))) where (`i`.`paid` < `i`.`total`) */;

/*!50003 SET sql_mode = 'STRICT_TRANS_TABLES' */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `payments_ai` AFTER INSERT ON `payments` FOR EACH ROW BEGIN
  UPDATE invoices SET paid = paid + NEW.amount WHERE no = NEW.invoice_no;
  INSERT INTO access_log VALUES (now(6), current_user(), NULL, 'payment; booked', NULL);
END */;;
DELIMITER ;

DELIMITER $$
CREATE DEFINER=`root`@`localhost` PROCEDURE `close_day`(IN day DATE)
BEGIN
  IF day IS NULL THEN SET day = CURDATE(); END IF;
  UPDATE appointments SET state = 'missed' WHERE state = 'booked' AND DATE(starts) = day;
END$$
DELIMITER ;

--
-- What later releases changed
--

ALTER TABLE `vital_signs` ADD CONSTRAINT `fk_vit_pat` FOREIGN KEY (`patient_id`) REFERENCES `patients` (`id`) ON DELETE CASCADE;
ALTER TABLE `staff` ADD COLUMN `title` varchar(20) DEFAULT NULL AFTER `role`, CHANGE `salary` `salary_eur` decimal(10,2) DEFAULT NULL, DROP INDEX `name`, ADD KEY `by_name` (`last name`,`first name`);
ALTER TABLE `patients` MODIFY `insured_no` varchar(30) DEFAULT NULL, ADD COLUMN `phone` varchar(30) NULL, ADD COLUMN `language` char(2) NOT NULL DEFAULT 'de';
RENAME TABLE `icd10` TO `icd`;
CREATE TABLE `waiting_list` LIKE `allergies`;
ALTER TABLE `waiting_list` DROP COLUMN `severity`, DROP COLUMN `since`, ADD `asked` date NOT NULL, ADD FOREIGN KEY (`patient_id`) REFERENCES `patients` (`id`);
CREATE UNIQUE INDEX `one_open_stay` ON `stays` (`site_id`, `room`, `bed`, `from`);
DROP TABLE IF EXISTS `old_billing`, `tmp_import`;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;

-- Dump completed on 2024-03-01 12:00:00
